import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { judgeSkips, type Skip, verdictText } from "./skips.js";

/** Counts tests that did not run at the end of a run, says why, and lets the run fail where nobody knows. */
export function skipReporter(root: string): Reporter {
  let chosen = false;
  return {
    // With a name given, all others are left out on purpose.
    onInit: ({ config }) => void (chosen = config.testNamePattern !== undefined),
    onTestRunEnd: (modules) => {
      if (chosen) return;
      const verdict = judgeSkips(
        modules.flatMap((module) => skipsOf(module, root)),
        process.env,
      );
      const text = verdictText(verdict);
      if (text !== "") process.stderr.write(`${text}\n`);
      if (verdict.unexplained.length > 0) process.exitCode = 1;
    },
  };
}

const skipsOf = (module: TestModule, root: string): readonly Skip[] =>
  [...module.children.allTests("skipped")].map((test) => ({
    file: relative(root, module.moduleId).replaceAll("\\", "/"),
    name: test.fullName,
    note: noteOf(test),
  }));

function noteOf(test: TestCase): string | undefined {
  const result = test.result();
  return "note" in result ? result.note : undefined;
}
