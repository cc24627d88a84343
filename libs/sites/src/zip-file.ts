import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { kernelProblems } from '#kernel';
import { registerLimits } from './register-table.js';

/** More entries than any roster has. */
const mostEntries = 1000;

/**
 * The named files of a zip, wherever in it they lie; nothing else is unpacked. Sizes are checked before and while
 * unpacking, so that a small file does not become a large one in memory.
 * @throws kernel.bad-file
 */
export async function readZip(bytes: Buffer, names: string[]): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes).catch(unreadable);
  if (zip.entryCount > mostEntries)
    throw kernelProblems.badFile(`The zip holds more than ${mostEntries} files. Nothing was changed.`);
  const found = new Map<string, Buffer>();
  for await (const entry of entriesOf(zip)) {
    const name = entry.fileName.slice(entry.fileName.lastIndexOf('/') + 1);
    if (!names.includes(name)) continue;
    if (found.has(name)) throw kernelProblems.badFile(`The zip holds ${name} twice. Nothing was changed.`);
    found.set(name, await unpack(zip, entry));
  }
  return found;
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (fault) {
    unreadable(fault);
  }
}

async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  if (entry.isEncrypted())
    throw kernelProblems.badFile('The zip is protected by a password. Make it without one. Nothing was changed.');
  if (entry.uncompressedSize > registerLimits.bytes)
    throw kernelProblems.badFile(
      `A file in the zip is larger than ${registerLimits.bytes / 1024 / 1024} MiB. Nothing was changed.`,
    );
  const pieces: Buffer[] = [];
  try {
    // The stream ends with an error where it is longer or shorter than the size told beforehand.
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
  } catch (fault) {
    unreadable(fault);
  }
  const content = Buffer.concat(pieces);
  if (crc32(content) !== entry.crc32) unreadable(new Error(`the checksum of ${entry.fileName} is another`));
  return content;
}

function unreadable(cause: unknown): never {
  throw kernelProblems.badFile('The zip is damaged or cut off. Make it again. Nothing was changed.', { cause });
}
