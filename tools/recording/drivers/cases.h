/* What the drivers in C share: the list of cases, the connection, a line of JSON. */
#ifndef CASES_H
#define CASES_H
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tls_case {
    char line[4096];
    char *id, *host, *port, *trust, *folder;
};

/* The next case of the list; 0 at its end. */
static int next_case(FILE *list, struct tls_case *c)
{
    if (!fgets(c->line, sizeof c->line, list))
        return 0;
    c->id = strtok(c->line, "\t\n");
    c->host = strtok(NULL, "\t\n");
    c->port = strtok(NULL, "\t\n");
    c->trust = strtok(NULL, "\t\n");
    c->folder = strtok(NULL, "\t\n");
    return c->folder != NULL;
}

static int connected(const char *port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to)) {
        perror("connect");
        exit(1);
    }
    return fd;
}

static void print_result(const char *id, int accepted, const char *says)
{
    printf("{\"id\":\"%s\",\"verdict\":\"%s\",\"says\":\"", id, accepted ? "accept" : "reject");
    for (; *says; says++) {
        if (*says == '"' || *says == '\\')
            printf("\\%c", *says);
        else if (*says == '\n')
            printf("; ");
        else
            putchar((unsigned char)*says < 32 ? ' ' : *says);
    }
    printf("\"}\n");
    fflush(stdout);
}
#endif
