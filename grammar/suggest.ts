/**
 * The known name that was probably meant, for "did you mean": the same letters in another case first, else the
 * nearest within a third of the length. Pass only names that are legal at that place.
 */
export function suggest(wrong: string, known: readonly string[]): string | undefined {
  const folded = wrong.toLowerCase();
  const sameLetters = known.find((name) => name.toLowerCase() === folded);
  if (sameLetters !== undefined) return sameLetters;
  let nearest: string | undefined;
  let nearestDistance = Infinity;
  for (const name of known) {
    const allowed = Math.max(1, Math.floor(Math.max(wrong.length, name.length) / 3));
    if (Math.abs(wrong.length - name.length) > allowed) continue;
    const distance = editDistance(folded, name.toLowerCase());
    if (distance <= allowed && distance < Math.min(name.length, nearestDistance)) {
      nearest = name;
      nearestDistance = distance;
    }
  }
  return nearest;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (Damerau, restricted). */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replace = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      let best = Math.min(replace, previous[column]! + 1, current[column - 1]! + 1);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, beforePrevious[column - 2]! + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length]!;
}
