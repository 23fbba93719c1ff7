/** The parser library, by one door: the build puts it into this one file, which is read ten times as fast as its seven hundred. */
export * from "chevrotain";
