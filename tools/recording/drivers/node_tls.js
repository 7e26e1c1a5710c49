// Node's tls (also Bun's): one JSON object for each line of the list of cases that is its argument.
const fs = require('fs')
const tls = require('tls')

function connect(host, port, trust) {
  return new Promise((resolve) => {
    const reject = (error) => resolve(['reject', `${error.code || ''}: ${error.message}`])
    try {
      const options = {
        host: '127.0.0.1',
        port,
        ca: fs.readFileSync(trust),
        checkServerIdentity: (_, certificate) => tls.checkServerIdentity(host, certificate),
      }
      if (!/^[0-9.]+$/.test(host)) options.servername = host
      const socket = tls.connect(options, () => {
        resolve(socket.authorized ? ['accept', ''] : ['reject', String(socket.authorizationError)])
        socket.destroy()
      })
      socket.on('error', reject)
      socket.setTimeout(10000, () => {
        resolve(['reject', 'timeout'])
        socket.destroy()
      })
    } catch (error) {
      reject(error)
    }
  })
}

async function main() {
  for (const line of fs.readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
    const [id, host, port, trust] = line.split('\t')
    const [verdict, says] = await connect(host, +port, trust)
    console.log(JSON.stringify({ id, verdict, says }))
  }
  process.exit(0)
}

main()
