/** Items a few thousand at a time: no statement that takes one batch comes near the time limit of the database. */
export function batches<T>(items: T[], size = 5000): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
