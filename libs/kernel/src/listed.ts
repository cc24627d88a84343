/** Where a piece of a long list begins: after an entry, or before one. The entry may have left the list meanwhile. */
export interface Cut {
  /** Id. */
  after?: string;
  /** Id. */
  before?: string;
}

/** A piece of a long list in its order; `next` and `previous` are ids for the cut that leads on and back. */
export interface Listed<Item> {
  items: Item[];
  next?: string;
  previous?: string;
}

/** Reads up to so many entries that follow one (or the first ones), in the order of the list or against it. */
type Walk<Item> = (from: string | undefined, back: boolean, count: number) => Promise<Item[]>;

/**
 * One piece of a list that is walked along an index: a late page costs what the first does. Where nothing is left at a
 * cut, the list begins anew, so nobody stands before an empty page of a list that holds something.
 */
export async function listedBy<Item extends { id: string }>(
  walk: Walk<Item>,
  { after, before }: Cut,
  size: number,
): Promise<Listed<Item>> {
  const found = await walk(before ?? after, before !== undefined, size + 1);
  const items = found.slice(0, size);
  if (before !== undefined) {
    if (found.length <= size) return listedBy(walk, {}, size);
    items.reverse();
    return { items, next: items.at(-1)!.id, previous: items[0]!.id };
  }
  if (after !== undefined && !items.length) return listedBy(walk, {}, size);
  return {
    items,
    ...(found.length > size && { next: items.at(-1)!.id }),
    ...(after !== undefined && { previous: items[0]!.id }),
  };
}
