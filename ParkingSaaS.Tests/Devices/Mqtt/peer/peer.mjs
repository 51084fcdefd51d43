// An independent client (npm "mqtt") goes through what the broker promises.
// Usage: node peer.mjs URL VERSION MAX_QOS, with the certificate to trust and one to show in the environment (CA, CERT, KEY).
// It names each chapter that it begins; the last line is "ok".
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import mqtt from 'mqtt'

const [url, version, maxQos] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const file = name => process.env[name] && readFileSync(process.env[name])
const v5 = version === 5
setTimeout(() => {
  console.error('It waits for something that does not come.')
  process.exit(1)
}, 60_000).unref()
const open = []
// It knows no "receive maximum", so it must not be asked to send more at once.
const window = 20

async function connect(name, more = {}) {
  const client = await mqtt.connectAsync(url, {
    protocolVersion: version, clientId: name, username: `sz/${name}`, password: process.env.CERT ? undefined : 'secret',
    reconnectPeriod: 0, ca: file('CA'), cert: file('CERT'), key: file('KEY'), servername: 'localhost', ...more,
  })
  client.inbox = []
  client.on('message', (topic, payload, packet) => {
    client.inbox.push({ topic, payload: payload.toString(), qos: packet.qos, retain: packet.retain, properties: packet.properties })
    client.emit('kept')
  })
  client.on('disconnect', packet => {
    console.error(`The broker says goodbye: ${packet.reasonCode}`)
    process.exit(1)
  })
  open.push(client)
  return client
}

async function next(client) {
  while (!client.inbox.length) await once(client, 'kept')
  return client.inbox.shift()
}

// With a client certificate everybody has the same name, so the same client.
const name = process.env.CERT ? 'peer' : null
const watcher = await connect(name ?? 'watcher')
const sender = name ? watcher : await connect('sender')

console.log('every quality of service, large and small')
await watcher.subscribeAsync('qos/#', { qos: maxQos })
for (let qos = 0; qos <= maxQos; qos++)
  for (const payload of ['停车', 'x'.repeat(200_000), '']) {
    await sender.publishAsync(`qos/${qos}`, payload, { qos })
    const got = await next(watcher)
    assert.deepEqual([got.topic, got.payload, got.qos, got.retain], [`qos/${qos}`, payload, qos, false])
  }

console.log('many at once, in order')
for (let from = 0; from < 200; from += window) {
  const many = Array.from({ length: window }, (_, i) => String(from + i))
  await Promise.all(many.map(text => sender.publishAsync('qos/many', text, { qos: maxQos })))
  for (const text of many) assert.equal((await next(watcher)).payload, text)
}

console.log('retained: kept, replaced, taken back')
await sender.publishAsync('kept/x', 'one', { qos: 1, retain: true })
await sender.publishAsync('kept/x', 'two', { qos: 1, retain: true })
await watcher.subscribeAsync('kept/+', { qos: 1 })
let got = await next(watcher)
assert.deepEqual([got.payload, got.retain], ['two', true])
await watcher.unsubscribeAsync('kept/+')
await sender.publishAsync('kept/x', '', { qos: 1, retain: true })
await watcher.subscribeAsync('kept/#', { qos: 1 })
await sender.publishAsync('kept/y', 'live', { qos: 1 })
assert.equal((await next(watcher)).payload, 'live')

if (v5) {
  console.log('options of subscriptions: no echo, retain as published, retained messages on demand')
  await sender.subscribeAsync('own', { qos: 1, nl: true })
  await sender.publishAsync('own', 'echo', { qos: 1 })
  if (!name) {
    await watcher.publishAsync('own', 'other', { qos: 1 })
    assert.equal((await next(sender)).payload, 'other')
  }
  await sender.publishAsync('rh/x', 'old', { qos: 1, retain: true })
  await watcher.subscribeAsync('rh/#', { qos: 1, rh: 2, rap: true, properties: { subscriptionIdentifier: 7 } })
  await sender.publishAsync('rh/x', 'new', {
    qos: 1, retain: true, properties: { userProperties: { lot: '北' }, contentType: 'text/plain', messageExpiryInterval: 60 },
  })
  got = await next(watcher)
  assert.deepEqual([got.payload, got.retain, got.properties.subscriptionIdentifier], ['new', true, 7])
  assert.deepEqual([got.properties.userProperties.lot, got.properties.contentType], ['北', 'text/plain'])
  await sender.publishAsync('rh/x', '', { qos: 1, retain: true })
  await next(watcher)
}

console.log('refused: by a SUBACK, and by credentials')
const [{ qos: granted }] = await watcher.subscribeAsync('denied/x', { qos: 1 }).catch(e => [{ qos: 128, e }])
assert.ok(granted >= 128)
if (!name) await assert.rejects(connect('intruder', { password: 'guess' }))

if (!name) {
  console.log('the will of a client whose connection broke, and none of one that said goodbye')
  await watcher.subscribeAsync('will/#', { qos: 1 })
  const will = kind => ({ will: { topic: `will/${kind}`, payload: kind, qos: 1, retain: false } })
  await (await connect('polite', will('polite'))).endAsync()
  const lost = await connect('lost', will('lost'))
  lost.stream.destroy()
  assert.equal((await next(watcher)).topic, 'will/lost')

  console.log('a session that outlives its connection keeps what came meanwhile')
  const session = { clean: false, properties: v5 ? { sessionExpiryInterval: 600 } : undefined }
  const before = await connect('sleeper', session)
  await before.subscribeAsync('sleep', { qos: 1 })
  await before.endAsync()
  await sender.publishAsync('sleep', 'good morning', { qos: 1 })
  const after = mqtt.connect(url, {
    protocolVersion: version, clientId: 'sleeper', username: 'sz/sleeper', password: 'secret', reconnectPeriod: 0, ca: file('CA'),
    servername: 'localhost', ...session,
  })
  open.push(after)
  const [[acknowledged], [, payload]] = await Promise.all([once(after, 'connect'), once(after, 'message')])
  assert.ok(acknowledged.sessionPresent)
  assert.equal(payload.toString(), 'good morning')
}

await Promise.all(open.map(client => client.endAsync().catch(() => {})))
console.log('ok')
