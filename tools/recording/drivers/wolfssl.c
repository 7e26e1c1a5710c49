/* wolfSSL. Argument: the list of cases, or --version. */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "cases.h"

static int shake_hands(const struct tls_case *c, char *says, size_t size)
{
    char text[256];
    size_t used = 0;
    WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfTLS_client_method());
    wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER, NULL);
    int result = wolfSSL_CTX_load_verify_locations(context, c->trust, NULL);
    if (result != WOLFSSL_SUCCESS)
        used += snprintf(says, size, "[trust load %d %s] ", result,
                         wolfSSL_ERR_error_string((unsigned long)result, text));
    int fd = connected(c->port);
    WOLFSSL *ssl = wolfSSL_new(context);
    wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, c->host, (unsigned short)strlen(c->host));
    wolfSSL_check_domain_name(ssl, c->host);
    wolfSSL_set_fd(ssl, fd);
    result = wolfSSL_connect(ssl);
    if (result != WOLFSSL_SUCCESS) {
        int error = wolfSSL_get_error(ssl, result);
        snprintf(says + used, size - used, "%d: %s", error,
                 wolfSSL_ERR_error_string((unsigned long)error, text));
    }
    wolfSSL_free(ssl);
    wolfSSL_CTX_free(context);
    close(fd);
    return result == WOLFSSL_SUCCESS;
}

int main(int count, char **arguments)
{
    struct tls_case c;
    if (count > 1 && !strcmp(arguments[1], "--version")) {
        puts(wolfSSL_lib_version());
        return 0;
    }
    FILE *list = fopen(arguments[1], "r");
    wolfSSL_Init();
    while (list && next_case(list, &c)) {
        char says[2048] = "";
        int accepted = shake_hands(&c, says, sizeof says);
        print_result(c.id, accepted, accepted ? "" : says);
    }
    return 0;
}
