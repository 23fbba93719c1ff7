/**
 * Writes docs/benchmarks.md and its pictures: every model of models/ with committed weights on every chip that it is
 * deployed to, in the simulator, every logit checked. `--tune` chooses the kernels by measurement first.
 * Run: npm run build && BNMC_DATA=… npm run bench:chips [-- --tune]
 */
import { join } from "node:path";
import { packageRoot, writeFile } from "../runtime/host.js";
import { measureModel, type Measured } from "./chips-measure.js";
import { benchmarksPage, picturesFor } from "./chips-page.js";
import { zooModels } from "./chips-zoo.js";

process.chdir(packageRoot);
const measured: Measured[] = [];
for (const model of zooModels()) {
  for (const target of model.targets) {
    const row = await measureModel(model, target, process.argv.includes("--tune"));
    measured.push(row);
    console.error(
      `${model.name} on ${target.name}: ${row.figures === undefined ? "does not fit" : `${Math.round(row.figures.cycles.mean)} cycles`}`,
    );
  }
}
const pictures = picturesFor(measured);
for (const { path, svg } of pictures) writeFile(join(packageRoot, "docs", path), svg);
writeFile(join(packageRoot, "docs/benchmarks.md"), benchmarksPage(measured, pictures));
