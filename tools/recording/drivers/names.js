// What Node.js's checkServerIdentity says to certificates and names. Argument: the folder of the grid.
const { X509Certificate } = require('crypto')
const fs = require('fs')
const tls = require('tls')
const folder = process.argv[2]
const hosts = fs.readFileSync(`${folder}/hosts`, 'utf8').trim().split('\n')
  .map(line => Buffer.from(line, 'hex').toString())
for (let number = 0; fs.existsSync(`${folder}/${number}.der`); number++) {
  const certificate = new X509Certificate(fs.readFileSync(`${folder}/${number}.der`)).toLegacyObject()
  console.log(hosts.map(host => tls.checkServerIdentity(host, certificate) ? '0' : '1').join(''))
}
