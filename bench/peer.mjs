// The peer of the bench: npm mjml and juice, warm, in one process.
// node peer.mjs FOLDER-WITH-NODE_MODULES; a line of JSON {mjml, rounds} on stdin is answered by one
// {ms: [[mjml, juice], …], bytes} on stdout, so that the two sides can take turns.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(resolve(process.argv[2], "package.json"));
const mjml = require("mjml");
const mjml2html = mjml.default ?? mjml;
const juice = require("juice");

for await (const line of createInterface({ input: process.stdin })) {
  const { mjml: path, rounds } = JSON.parse(line);
  const source = readFileSync(path, "utf8");
  const ms = [];
  let html = "";
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const compiled = await mjml2html(source); // a promise since mjml 5
    const middle = performance.now();
    html = juice(compiled.html);
    ms.push([middle - start, performance.now() - middle]);
  }
  process.stdout.write(JSON.stringify({ ms, bytes: Buffer.byteLength(html) }) + "\n");
}
