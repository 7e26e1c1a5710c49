// Go's crypto/tls: one JSON object for each line of the list of cases that is its argument.
// Go binaries heed no faked clock, so the time of the case is set where it is given.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"log"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	lines, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, line := range strings.Split(strings.TrimRight(string(lines), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		verdict, says := "accept", ""
		if err := connect(fields); err != nil {
			verdict, says = "reject", err.Error()
		}
		out.Encode(map[string]string{"id": fields[0], "verdict": verdict, "says": says})
	}
}

func connect(fields []string) error {
	text, err := os.ReadFile(fields[3])
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text) // what it cannot read it leaves out, as every Go program would
	config := &tls.Config{RootCAs: roots, ServerName: fields[1]}
	if fields[6] != "" {
		at, err := time.Parse(time.RFC3339, fields[6])
		if err != nil {
			log.Fatal(err)
		}
		config.Time = func() time.Time { return at }
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	connection, err := tls.DialWithDialer(dialer, "tcp", "127.0.0.1:"+fields[2], config)
	if err != nil {
		return err
	}
	return connection.Close()
}
