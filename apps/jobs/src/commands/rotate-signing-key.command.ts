import { Command, CommandRunner, Option } from 'nest-commander';
import { readableTime, systemActor } from '#kernel';
import { SigningKeys } from '#tokens';
import { Terminal } from '../terminal.js';

/** `rotate-signing-key`: a new key for the issuer's tokens, while everything runs. */
@Command({
  name: 'rotate-signing-key',
  description: 'make a new key for the tokens of the issuer; running issuers follow by themselves',
})
export class RotateSigningKeyCommand extends CommandRunner {
  constructor(
    private readonly keys: SigningKeys,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_: string[], { withdraw }: { withdraw?: boolean } = {}): Promise<void> {
    const { kid, activeFrom } = await this.keys.rotate(systemActor, { withdraw });
    this.terminal.line(`New signing key ${kid}.`);
    this.terminal.line(
      withdraw
        ? 'It signs from now on. The keys before it are withdrawn: tokens they signed are refused as soon as applications look at the key set again, within 15 minutes.'
        : `It is published now and signs from ${readableTime(activeFrom)}. The key before it stays published for a day after that.`,
    );
  }

  @Option({
    flags: '--withdraw',
    description: 'a key became known to somebody: use the new one at once and withdraw the others',
  })
  withdraw(): boolean {
    return true;
  }
}
