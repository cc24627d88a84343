import { dirname } from 'node:path';
import { rmSync } from 'node:fs';

export default async function tearDown() {
  const { server, directory } = globalThis.__postgres;
  await server.stop();
  rmSync(dirname(directory), { recursive: true, force: true });
}
