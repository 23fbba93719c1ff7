/**
 * A function as its C alone: what stands between `#ifdef ASSEMBLY` and `#else` or `#endif` is left out with these lines. Empty where
 * nothing but comments is left.
 */
export function portable(text: string): string {
  const kept: string[] = [];
  // Of each open #if: whether it asks for assembly, and whether lines in it are kept.
  const open: { readonly asks: boolean; keeps: boolean }[] = [];
  for (const line of text.split("\n")) {
    const [, directive] = /^\s*#\s*(ifdef ASSEMBLY$|if|else|endif)/.exec(line) ?? [];
    const asks = directive === "ifdef ASSEMBLY";
    if (directive?.startsWith("if")) open.push({ asks, keeps: !asks });
    const inner = open.at(-1);
    if (directive === "else" && inner?.asks) inner.keeps = true;
    if (open.every(({ keeps }) => keeps) && !(directive !== undefined && inner?.asks)) kept.push(line);
    if (directive === "endif") open.pop();
  }
  const left = kept.join("\n");
  return left.replace(/\/\*[^]*?\*\//g, "").trim() === "" ? "" : left;
}
