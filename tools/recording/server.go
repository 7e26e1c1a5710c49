// A TLS server that sends certificates byte for byte, whatever they hold: one port for each case.
//
// Its argument is the list of cases: lines of id, host, port, trust file, folder, number of
// certificates and time, separated by tabs; the folder has c0.der, c1.der ... and key.pem. Nothing
// is parsed but the private key. It answers MQTT's CONNECT with a CONNACK, HTTP with 200, and
// goes on reading after anything else. It prints "ready" once all ports are open.
package main

import (
	"bufio"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	lines, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimRight(string(lines), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		certificate, err := load(fields[4], fields[5])
		if err != nil {
			log.Fatalf("%s: %v", fields[0], err)
		}
		listener, err := tls.Listen("tcp", "127.0.0.1:"+fields[2], &tls.Config{
			MinVersion: tls.VersionTLS12,
			// Not in Certificates: what is there, Go looks into.
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate, nil },
		})
		if err != nil {
			log.Fatalf("%s: %v", fields[0], err)
		}
		go serve(listener)
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin) // ends with the recorder
}

func load(folder, count string) (*tls.Certificate, error) {
	var loaded tls.Certificate
	n, err := strconv.Atoi(count)
	if err != nil {
		return nil, err
	}
	for i := 0; i < n; i++ {
		der, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("c%d.der", i)))
		if err != nil {
			return nil, err
		}
		loaded.Certificate = append(loaded.Certificate, der)
	}
	text, err := os.ReadFile(filepath.Join(folder, "key.pem"))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("no PEM in key.pem")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	loaded.PrivateKey = key
	// Go chooses the signature's algorithm by this key, and so need not parse the certificate.
	loaded.Leaf = &x509.Certificate{PublicKey: key.(crypto.Signer).Public()}
	return &loaded, nil
}

func serve(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go answer(connection)
	}
}

func answer(connection net.Conn) {
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(20 * time.Second))
	reader := bufio.NewReader(connection)
	first, err := reader.Peek(1)
	if err != nil {
		return
	}
	switch first[0] {
	case 0x10: // CONNECT
		mqtt(connection, reader)
	case 'G', 'H', 'P': // GET, HEAD, POST, PUT
		io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
	default:
		io.Copy(io.Discard, reader)
	}
}

func mqtt(connection net.Conn, reader *bufio.Reader) {
	connection.Write([]byte{0x20, 2, 0, 0}) // CONNACK, accepted
	packet := make([]byte, 4096)
	for {
		n, err := reader.Read(packet)
		if err != nil {
			return
		}
		switch packet[0] >> 4 {
		case 8: // SUBSCRIBE
			if n > 4 {
				connection.Write([]byte{0x90, 3, packet[2], packet[3], 0}) // SUBACK
			}
		case 14: // DISCONNECT
			return
		}
	}
}
