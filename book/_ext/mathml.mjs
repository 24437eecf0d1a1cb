// One line in: a formula, [tex, display] as JSON. One line out: its MathML, or what is wrong with it.
import { createInterface } from "node:readline";

const { default: temml } = await import(process.argv[2]);

for await (const line of createInterface({ input: process.stdin })) {
  const [tex, displayMode] = JSON.parse(line);
  let answer;
  try {
    answer = { mathml: temml.renderToString(tex, { displayMode, throwOnError: true }) };
  } catch (error) {
    answer = { error: error.message };
  }
  console.log(JSON.stringify(answer));
}
