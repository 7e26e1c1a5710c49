import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import sun.security.util.HostnameChecker;

/** What Java's HostnameChecker says to certificates and names. Argument: the folder of the grid. */
public class Names {
    public static void main(String[] arguments) throws Exception {
        HostnameChecker checker = HostnameChecker.getInstance(HostnameChecker.TYPE_TLS);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (int number = 0;; number++) {
            Path file = Path.of(arguments[0], number + ".der");
            if (!Files.exists(file)) {
                return;
            }
            X509Certificate certificate = null;
            try {
                certificate = (X509Certificate) factory.generateCertificate(
                    new ByteArrayInputStream(Files.readAllBytes(file)));
            } catch (CertificateException unread) {
            }
            StringBuilder row = new StringBuilder();
            for (String line : Files.readAllLines(Path.of(arguments[0], "hosts"))) {
                byte[] octets = HexFormat.of().parseHex(line);
                row.append(said(checker, new String(octets, StandardCharsets.UTF_8), certificate));
            }
            System.out.println(row);
        }
    }

    private static char said(HostnameChecker checker, String host, X509Certificate certificate) {
        if (certificate == null) {
            return 'x';
        }
        try {
            checker.match(host, certificate, false);
            return '1';
        } catch (CertificateException mismatch) {
            return '0';
        }
    }
}
