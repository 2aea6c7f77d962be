// Answers calls of the built module, one JSON line each: [function, arguments].
import { createInterface } from 'node:readline'

const functions = await import(process.argv[2])
for await (const line of createInterface({ input: process.stdin })) {
  const [name, given] = JSON.parse(line)
  process.stdout.write(`${JSON.stringify(functions[name](...given))}\n`)
}
