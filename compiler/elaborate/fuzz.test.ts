import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { load } from "./load.js";
import { elaborate } from "./elaborate.js";

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const textsIn = (path: string): string[] =>
  readdirSync(folder(path))
    .filter((file) => file.endsWith(".bnm"))
    .map((file) => readFileSync(folder(path) + file, "utf8"));
const texts = [...textsIn("../../models/"), ...textsIn("../../models/lib/"), ...textsIn("../cases/errors/")];
const words = [...new Set(texts.flatMap((text) => text.match(/[\w.%]+|[^\s\w]+/g) ?? []))];

/** A text of the project with a few of its words replaced, removed or doubled. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("replace", "remove", "double"), fc.constantFrom(...words)), { minLength: 1, maxLength: 6 }),
  )
  .map(([text, mutations]) => {
    const parts = text.split(/(?<=\s)|(?=[\s(){}\[\]:,])/);
    for (const [place, change, word] of mutations) {
      const i = place % parts.length;
      parts[i] = change === "remove" ? "" : change === "double" ? parts[i]! + parts[i]! : ` ${word} `;
    }
    return parts.join("");
  });

test("mutated sources never crash the front end, and every message points into a file", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const loaded = load("models/case.bnm", text, (path) =>
        path === "models/lib/mnist.bnm" ? textsIn("../../models/lib/")[0] : undefined,
      );
      const { diagnostics } = elaborate(loaded.value, { targets: ["host"] });
      for (const { at } of [...loaded.diagnostics, ...diagnostics]) {
        expect(at.span.start).toBeGreaterThanOrEqual(0);
        expect(at.span.end).toBeLessThanOrEqual(at.span.source.text.length);
        expect(at.span.end).toBeGreaterThanOrEqual(at.span.start);
      }
    }),
    { numRuns: 2000 },
  );
}, 60_000);
