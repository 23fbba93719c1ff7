import { join } from "node:path";
import { packageRoot, readText } from "./host.js";

/** Of this bnmc, as package.json says. */
export const version = (JSON.parse(readText(join(packageRoot, "package.json"))) as { readonly version: string }).version;
