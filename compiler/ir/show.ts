/** `912 B`, `22.4 KiB`, `14 KiB`: sizes as people who count bytes write them. */
export function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kibibytes = (bytes / 1024).toFixed(1);
  return `${kibibytes.replace(/\.0$/, "")} KiB`;
}

/** `12,289`: digits in groups of three. */
export const showCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
