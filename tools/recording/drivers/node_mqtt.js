// MQTT.js, or the Azure IoT device SDK for Node, as the second argument says. The packages are
// found by NODE_PATH.
const fs = require('fs')
const tls = require('tls')

let stop = () => {}
process.on('uncaughtException', (error) => stop('reject', `uncaught ${error.message}`))

function mqttjs(host, port, trust, done) {
  const options = {
    protocol: 'mqtts',
    host,
    port,
    ca: fs.readFileSync(trust),
    reconnectPeriod: 0,
    connectTimeout: 8000,
    servername: /^[0-9.]+$/.test(host) ? undefined : host,
  }
  const client = require('mqtt').connect(options)
  client.on('connect', () => {
    done('accept', '')
    client.end(true)
  })
  client.on('error', (error) => {
    done('reject', `${error.code || ''}: ${error.message}`)
    client.end(true)
  })
  client.on('close', () => done('reject', 'closed'))
}

const connect = tls.connect

async function azure(host, port, trust, done) {
  // The SDK knows only port 8883.
  tls.connect = function (options, ...others) {
    return connect.call(tls, typeof options === 'object' ? { ...options, port } : options, ...others)
  }
  const { Client } = require('azure-iot-device')
  const { NoRetry } = require('azure-iot-common')
  const { Mqtt } = require('azure-iot-device-mqtt')
  const secret = Buffer.from('not a secret').toString('base64')
  const client = Client.fromConnectionString(
    `HostName=hub.example;DeviceId=leaf;SharedAccessKey=${secret};GatewayHostName=${host}`,
    Mqtt
  )
  client.setRetryPolicy(new NoRetry())
  const timer = setTimeout(() => done('reject', 'timeout'), 8000)
  try {
    await client.setOptions({ ca: fs.readFileSync(trust, 'utf8') })
    await client.open()
    done('accept', '')
  } catch (error) {
    let says = `${error.name}: ${error.message}`
    let cause = error
    for (let n = 0; n < 5; n++) {
      cause = cause.innerError || cause.transportError || cause.cause
      if (!cause || typeof cause !== 'object') break
      says += ` <- ${cause.name}${cause.code ? `[${cause.code}]` : ''}: ${cause.message}`
    }
    done('reject', says)
  }
  clearTimeout(timer)
  client.close().catch(() => {})
}

async function main() {
  const run = process.argv[3] === 'mqttjs' ? mqttjs : azure
  for (const line of fs.readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
    const [id, host, port, trust] = line.split('\t')
    const [verdict, says] = await new Promise((resolve) => {
      const done = (...result) => resolve(result)
      stop = done
      Promise.resolve()
        .then(() => run(host, +port, trust, done))
        .catch((error) => done('reject', `thrown ${error.message}`))
    })
    console.log(JSON.stringify({ id, verdict, says }))
  }
  process.exit(0)
}

main()
