/* BearSSL with its minimal X.509 engine. Argument: the list of cases.
 * Trust anchors are name and key of trust0.der, trust1.der ... in the folder of the case. */
#include <bearssl.h>

#include "cases.h"

enum { MOST_ANCHORS = 16 };

struct bytes {
    unsigned char *at;
    size_t length;
};

static int receive(void *fd, unsigned char *to, size_t length)
{
    ssize_t n = read(*(int *)fd, to, length);
    return n <= 0 ? -1 : (int)n;
}

static int send_all(void *fd, const unsigned char *from, size_t length)
{
    ssize_t n = write(*(int *)fd, from, length);
    return n <= 0 ? -1 : (int)n;
}

static void append(void *to, const void *from, size_t length)
{
    struct bytes *b = to;
    b->at = realloc(b->at, b->length + length);
    memcpy(b->at + b->length, from, length);
    b->length += length;
}

static void *copy(const void *from, size_t length)
{
    return memcpy(malloc(length), from, length);
}

static const char *name_of(int error)
{
    static char other[64];
#define NAME(code) \
    case code:     \
        return #code
    switch (error) {
        NAME(BR_ERR_X509_INVALID_VALUE);
        NAME(BR_ERR_X509_TRUNCATED);
        NAME(BR_ERR_X509_EMPTY_CHAIN);
        NAME(BR_ERR_X509_INNER_TRUNC);
        NAME(BR_ERR_X509_BAD_TAG_CLASS);
        NAME(BR_ERR_X509_BAD_TAG_VALUE);
        NAME(BR_ERR_X509_INDEFINITE_LENGTH);
        NAME(BR_ERR_X509_EXTRA_ELEMENT);
        NAME(BR_ERR_X509_UNEXPECTED);
        NAME(BR_ERR_X509_NOT_CONSTRUCTED);
        NAME(BR_ERR_X509_NOT_PRIMITIVE);
        NAME(BR_ERR_X509_PARTIAL_BYTE);
        NAME(BR_ERR_X509_BAD_BOOLEAN);
        NAME(BR_ERR_X509_OVERFLOW);
        NAME(BR_ERR_X509_BAD_DN);
        NAME(BR_ERR_X509_BAD_TIME);
        NAME(BR_ERR_X509_UNSUPPORTED);
        NAME(BR_ERR_X509_LIMIT_EXCEEDED);
        NAME(BR_ERR_X509_WRONG_KEY_TYPE);
        NAME(BR_ERR_X509_BAD_SIGNATURE);
        NAME(BR_ERR_X509_TIME_UNKNOWN);
        NAME(BR_ERR_X509_EXPIRED);
        NAME(BR_ERR_X509_DN_MISMATCH);
        NAME(BR_ERR_X509_BAD_SERVER_NAME);
        NAME(BR_ERR_X509_CRITICAL_EXTENSION);
        NAME(BR_ERR_X509_NOT_CA);
        NAME(BR_ERR_X509_FORBIDDEN_KEY_USAGE);
        NAME(BR_ERR_X509_WEAK_PUBLIC_KEY);
        NAME(BR_ERR_X509_NOT_TRUSTED);
        NAME(BR_ERR_IO);
        NAME(BR_ERR_BAD_PARAM);
        NAME(BR_ERR_BAD_SIGNATURE);
        NAME(BR_ERR_WRONG_KEY_USAGE);
    }
    if (error >= BR_ERR_SEND_FATAL_ALERT)
        sprintf(other, "sent fatal alert %d", error - BR_ERR_SEND_FATAL_ALERT);
    else if (error >= BR_ERR_RECV_FATAL_ALERT)
        sprintf(other, "received fatal alert %d", error - BR_ERR_RECV_FATAL_ALERT);
    else
        sprintf(other, "error %d", error);
    return other;
}

/* One trust anchor from a certificate; 0 where BearSSL cannot read it, with a note. */
static int load_anchor(br_x509_trust_anchor *anchor, const char *file, char *note, size_t size)
{
    static unsigned char der[65536];
    struct bytes name = { NULL, 0 };
    br_x509_decoder_context decoder;
    FILE *in = fopen(file, "rb");
    size_t length = fread(der, 1, sizeof der, in);
    fclose(in);
    br_x509_decoder_init(&decoder, append, &name);
    br_x509_decoder_push(&decoder, der, length);
    br_x509_pkey *key = br_x509_decoder_get_pkey(&decoder);
    if (!key) {
        snprintf(note, size, "[trust anchor decode %s] ",
                 name_of(br_x509_decoder_last_error(&decoder)));
        return 0;
    }
    anchor->dn.data = name.at;
    anchor->dn.len = name.length;
    anchor->flags = br_x509_decoder_isCA(&decoder) ? BR_X509_TA_CA : 0;
    anchor->pkey = *key;
    if (key->key_type == BR_KEYTYPE_RSA) {
        anchor->pkey.key.rsa.n = copy(key->key.rsa.n, key->key.rsa.nlen);
        anchor->pkey.key.rsa.e = copy(key->key.rsa.e, key->key.rsa.elen);
    } else {
        anchor->pkey.key.ec.q = copy(key->key.ec.q, key->key.ec.qlen);
    }
    return 1;
}

static int shake_hands(const struct tls_case *c, const br_x509_trust_anchor *anchors, size_t count)
{
    static br_ssl_client_context client;
    static br_x509_minimal_context x509;
    static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];
    br_sslio_context io;
    int fd = connected(c->port);
    br_ssl_client_init_full(&client, &x509, anchors, count);
    br_ssl_engine_set_buffer(&client.eng, buffer, sizeof buffer, 1);
    br_ssl_client_reset(&client, c->host, 0);
    br_sslio_init(&io, &client.eng, receive, &fd, send_all, &fd);
    br_sslio_write(&io, "Q", 1);
    br_sslio_flush(&io);
    close(fd);
    return br_ssl_engine_last_error(&client.eng);
}

int main(int argument_count, char **arguments)
{
    struct tls_case c;
    FILE *list = argument_count > 1 ? fopen(arguments[1], "r") : NULL;
    while (list && next_case(list, &c)) {
        br_x509_trust_anchor anchors[MOST_ANCHORS];
        char note[256] = "", says[512] = "", file[4200];
        size_t count = 0;
        memset(anchors, 0, sizeof anchors);
        for (int n = 0; count < MOST_ANCHORS; n++) {
            snprintf(file, sizeof file, "%s/trust%d.der", c.folder, n);
            if (access(file, R_OK))
                break;
            count += (size_t)load_anchor(&anchors[count], file, note, sizeof note);
        }
        int error = shake_hands(&c, anchors, count);
        if (error)
            snprintf(says, sizeof says, "%s%s", note, name_of(error));
        print_result(c.id, error == 0, says);
    }
    return 0;
}
