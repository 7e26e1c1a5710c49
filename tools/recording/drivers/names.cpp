// What Botan's matches_dns_name says to certificates and names. Argument: the folder of the grid.
#include <botan/hex.h>
#include <botan/x509cert.h>

#include <fstream>
#include <iostream>
#include <memory>

int main(int, char **argv)
{
    const std::string folder = argv[1];
    std::vector<std::string> hosts;
    std::ifstream lines(folder + "/hosts");
    for (std::string line; std::getline(lines, line);) {
        const auto octets = Botan::hex_decode(line);
        hosts.emplace_back(octets.begin(), octets.end());
    }
    for (int number = 0;; number++) {
        const std::string file = folder + "/" + std::to_string(number) + ".der";
        if (!std::ifstream(file))
            return 0;
        std::unique_ptr<Botan::X509_Certificate> certificate;
        try {
            certificate = std::make_unique<Botan::X509_Certificate>(file);
        } catch (const std::exception &) {
        }
        for (const auto &host : hosts)
            std::cout << (!certificate ? 'x' : certificate->matches_dns_name(host) ? '1' : '0');
        std::cout << "\n";
    }
}
