"""What is given to interpreters to run, so that they connect as programs in their language do.

Each takes address, port, host name and a file of trusted certificates, and prints one line:
`accept`, or `reject` and what the library says.
"""

PYTHON = """
import socket, ssl, sys
address, port, host, trust, strict = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(trust)
if strict == "strict":
    context.verify_flags |= ssl.VERIFY_X509_STRICT | 0x80000
try:
    with socket.create_connection((address, int(port)), 10) as connection:
        context.wrap_socket(connection, server_hostname=host).close()
    print("accept")
except Exception as wrong:
    print("reject", f"{type(wrong).__name__}: {wrong}".replace("\\n", " "))
"""

NODE = """
const [address, port, host, trust] = process.argv.slice(1)
const tls = require('tls')
const end = (text) => { console.log(text.replace(/[\\r\\n]+/g, ' ')); process.exit(0) }
const no = (error) => end(`reject ${error.code || ''}: ${error.message}`)
try {
  const options = {
    host: address, port: +port, ca: require('fs').readFileSync(trust),
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(host, certificate),
  }
  if (!require('net').isIP(host)) options.servername = host
  const socket = tls.connect(options, () => end('accept'))
  socket.on('error', no)
  socket.setTimeout(10000, () => no(new Error('timed out')))
} catch (error) { no(error) }
"""

JAVA = """
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.*;

public class Client {
    public static void main(String[] said) {
        try {
            connect(said[0], Integer.parseInt(said[1]), said[2], said[3]);
            System.out.println("accept");
        } catch (Throwable thrown) {
            System.out.println("reject " + thrown.toString().replaceAll("[\\\\r\\\\n]+", " "));
        }
    }

    private static void connect(String address, int port, String host, String file)
            throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream in = new FileInputStream(file)) {
            int n = 0;
            for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in))
                trust.setCertificateEntry("trust" + n++, c);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 10000);
            socket.setSoTimeout(10000);
            SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
        }
    }
}
"""
