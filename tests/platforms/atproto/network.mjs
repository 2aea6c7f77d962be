// A whole network on this machine: directory, server of accounts, and the view that Bluesky's apps show.
// Says as one line of JSON where accounts are; ends with its standard input.
import pg from 'pg'
import { TestNetwork } from '@atproto/dev-env'

// Search by parts of words needs pg_trgm, which the wheel's PostgreSQL does not have, and which no test asks for
const query = pg.Client.prototype.query
pg.Client.prototype.query = function (sql, ...rest) {
  if (typeof sql === 'string') {
    if (/^create extension .*pg_trgm/i.test(sql)) sql = 'select 1'
    else sql = sql.replace(/using gist \((.*) gist_trgm_ops\)/i, '($1)').replace(/ gist_trgm_ops/i, '')
  }
  return query.call(this, sql, ...rest)
}

// what a part of the network promised to nobody, for instance to a connection that is gone, must not end the whole
process.on('unhandledRejection', (error) => console.error(error))

const network = await TestNetwork.create({ dbPostgresSchema: 'viche' })
console.log(JSON.stringify({ pds: network.pds.url }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
