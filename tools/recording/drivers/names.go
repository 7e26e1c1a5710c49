// What Go's VerifyHostname says to certificates and names. Argument: the folder of the grid.
package main

import (
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
)

func main() {
	lines, _ := os.ReadFile(os.Args[1] + "/hosts")
	for number := 0; ; number++ {
		der, err := os.ReadFile(fmt.Sprintf("%s/%d.der", os.Args[1], number))
		if err != nil {
			return
		}
		certificate, err := x509.ParseCertificate(der)
		for _, line := range strings.Fields(string(lines)) {
			host, _ := hex.DecodeString(line)
			switch {
			case err != nil:
				fmt.Print("x")
			case certificate.VerifyHostname(string(host)) == nil:
				fmt.Print("1")
			default:
				fmt.Print("0")
			}
		}
		fmt.Println()
	}
}
