/* What a library in C says to certificates and names: compiled with -DASK_MBEDTLS, -DASK_BEARSSL
   or -DASK_WOLFSSL. Prints a line for each certificate, as the other drivers of names do.
   Argument: the folder of the grid. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef ASK_MBEDTLS
#include <mbedtls/x509_crt.h>
static mbedtls_x509_crt certificate, nobody;

static int read_in(unsigned char *der, size_t size)
{
    mbedtls_x509_crt_free(&certificate);
    mbedtls_x509_crt_init(&certificate);
    mbedtls_x509_crt_init(&nobody);
    return mbedtls_x509_crt_parse_der(&certificate, der, size) == 0;
}

static char said(unsigned char *der, size_t size, const char *host)
{
    uint32_t flags = 0;
    (void)der, (void)size;
    mbedtls_x509_crt_verify(&certificate, &nobody, NULL, host, &flags, NULL, NULL);
    return flags & MBEDTLS_X509_BADCERT_CN_MISMATCH ? '0' : '1';
}
#endif

#ifdef ASK_BEARSSL
#include <bearssl.h>

static int read_in(unsigned char *der, size_t size)
{
    (void)der, (void)size;
    return 1;
}

static char said(unsigned char *der, size_t size, const char *host)
{
    br_x509_minimal_context context;
    unsigned result;
    br_x509_minimal_init(&context, &br_sha256_vtable, NULL, 0);
    br_x509_minimal_set_rsa(&context, &br_rsa_i31_pkcs1_vrfy);
    br_x509_minimal_set_hash(&context, br_sha256_ID, &br_sha256_vtable);
    br_x509_minimal_set_time(&context, 719528 + (uint32_t)(time(NULL) / 86400), 0);
    context.vtable->start_chain(&context.vtable, host);
    context.vtable->start_cert(&context.vtable, size);
    context.vtable->append(&context.vtable, der, size);
    context.vtable->end_cert(&context.vtable);
    result = context.vtable->end_chain(&context.vtable);
    /* No anchor is there, so that a name that matches leaves this to be said. */
    return result == BR_ERR_X509_NOT_TRUSTED ? '1' : result == BR_ERR_X509_BAD_SERVER_NAME ? '0' : 'x';
}
#endif

#ifdef ASK_WOLFSSL
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/openssl/x509v3.h>
static WOLFSSL_X509 *certificate;

static int read_in(unsigned char *der, size_t size)
{
    const unsigned char *at = der;
    wolfSSL_X509_free(certificate);
    certificate = wolfSSL_d2i_X509(NULL, &at, (int)size);
    return certificate != NULL;
}

static char said(unsigned char *der, size_t size, const char *host)
{
    (void)der, (void)size;
    return wolfSSL_X509_check_host(certificate, host, strlen(host), 0, NULL) == 1 ? '1' : '0';
}
#endif

static unsigned char der[1 << 16];
static char hosts[400][600];

int main(int argc, char **argv)
{
    char path[1024], line[1400];
    int count = 0, number, one;
    unsigned octet;
    size_t at;
    FILE *file;
    snprintf(path, sizeof path, "%s/hosts", argv[argc - 1]);
    file = fopen(path, "r");
    while (file && count < 400 && fgets(line, sizeof line, file)) {
        for (at = 0; sscanf(line + 2 * at, "%2x", &octet) == 1; at++)
            hosts[count][at] = (char)octet;
        count++;
    }
    for (number = 0;; number++) {
        size_t size;
        int readable;
        snprintf(path, sizeof path, "%s/%d.der", argv[argc - 1], number);
        if (!(file = fopen(path, "rb")))
            return 0;
        size = fread(der, 1, sizeof der, file);
        fclose(file);
        readable = read_in(der, size);
        for (one = 0; one < count; one++)
            putchar(readable ? said(der, size, hosts[one]) : 'x');
        putchar('\n');
    }
}
