/* Mbed TLS. Argument: the list of cases, or --version. */
#include "cases.h"
#include "mbedtls/ctr_drbg.h"
#include "mbedtls/entropy.h"
#include "mbedtls/error.h"
#include "mbedtls/net_sockets.h"
#include "mbedtls/ssl.h"
#include "mbedtls/version.h"

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context numbers;

static int shake_hands(const struct tls_case *c, char *says, size_t size)
{
    mbedtls_net_context net;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt trust;
    char text[512];
    size_t used = 0;
    int result;

    mbedtls_net_init(&net);
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_config_init(&config);
    mbedtls_x509_crt_init(&trust);
    result = mbedtls_x509_crt_parse_file(&trust, c->trust);
    if (result) {
        mbedtls_strerror(result, text, sizeof text);
        used += snprintf(says, size, "[trust file: %d/-0x%04x %s] ", result,
                         (unsigned)(result < 0 ? -result : result), text);
    }
    net.fd = connected(c->port);
    mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&config, &trust, NULL);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &numbers);
    mbedtls_ssl_setup(&ssl, &config);
    mbedtls_ssl_set_hostname(&ssl, c->host);
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
    do
        result = mbedtls_ssl_handshake(&ssl);
    while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
    if (result) {
        uint32_t flags = mbedtls_ssl_get_verify_result(&ssl);
        mbedtls_strerror(result, text, sizeof text);
        used += snprintf(says + used, size - used, "-0x%04X %s", (unsigned)-result, text);
        if (flags && flags != 0xffffffff) {
            used += snprintf(says + used, size - used, " || ");
            mbedtls_x509_crt_verify_info(says + used, size - used, "", flags);
        }
    }
    mbedtls_net_free(&net);
    mbedtls_ssl_free(&ssl);
    mbedtls_ssl_config_free(&config);
    mbedtls_x509_crt_free(&trust);
    return result;
}

int main(int count, char **arguments)
{
    struct tls_case c;
    char version[32];
    if (count > 1 && !strcmp(arguments[1], "--version")) {
        mbedtls_version_get_string(version);
        puts(version);
        return 0;
    }
    FILE *list = fopen(arguments[1], "r");
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&numbers);
    mbedtls_ctr_drbg_seed(&numbers, mbedtls_entropy_func, &entropy, NULL, 0);
    while (list && next_case(list, &c)) {
        char says[4096] = "";
        int result = shake_hands(&c, says, sizeof says);
        print_result(c.id, result == 0, result ? says : "");
    }
    return 0;
}
