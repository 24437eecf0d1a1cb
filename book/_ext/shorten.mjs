// Scripts in, {name: text} as JSON; the same out, without what only their authors need.
import { readFileSync } from "node:fs";

const { minify } = await import(process.argv[2]);
const scripts = JSON.parse(readFileSync(0, "utf-8"));
for (const name of Object.keys(scripts)) scripts[name] = (await minify(scripts[name])).code;
process.stdout.write(JSON.stringify(scripts));
