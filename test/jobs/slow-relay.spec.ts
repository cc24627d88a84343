import { createServer, type Server, type Socket } from 'node:net';
import { startMailRig } from './mail-rig.js';

const celine = { name: 'Céline Fontenot', address: 'celine.fontenot@acadia.example' };

/** A relay that greets and then answers one byte a second for ever: never silent, never done. */
async function startDrip(): Promise<{ url: string; stop(): void }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('220 slow\r\n');
    socket.once('data', () => {
      socket.write('250-');
      const timer = setInterval(() => socket.write('x'), 1000);
      socket.once('close', () => clearInterval(timer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a relay that does not get on', () => {
  /** Seconds a worker was held by one mail. */
  async function heldFor(rig: Awaited<ReturnType<typeof startMailRig>>): Promise<number> {
    const id = await rig.tell(celine);
    const begun = Date.now();
    await rig.worker.runOnce();
    expect(await rig.message(id)).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(await rig.jobs()).toHaveLength(1);
    return (Date.now() - begun) / 1000;
  }

  it('ML-4 R-11 holds a worker for 5 seconds without a greeting, and for 35 at most in any other way', async () => {
    const drip = await startDrip();
    const [silent, mute, dripping] = await Promise.all([
      startMailRig(),
      startMailRig(),
      startMailRig(undefined, { SMTP_URL: drip.url }),
    ]);
    silent.mailbox.mode = 'stall-greeting';
    mute.mailbox.mode = 'stall-data';
    try {
      const held = await Promise.all([silent, mute, dripping].map(heldFor));
      expect(held[0]).toBeLessThan(15);
      expect(held[1]).toBeLessThan(45);
      expect(held[2]).toBeLessThan(45);
      expect(held[2]).toBeGreaterThan(30); // the deadline, not the silence, ended it
    } finally {
      drip.stop();
      for (const rig of [silent, mute, dripping]) await rig.stop();
    }
  });
});
