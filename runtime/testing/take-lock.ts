/** A process that tries to take a lock when it is told to, says whether it did, and keeps it. */
import { takeLock } from "../lock.js";

process.on("message", () => process.send!("release" in takeLock(process.argv[2]!)));
process.send!("ready");
