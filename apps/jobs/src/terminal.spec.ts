import { jest } from '@jest/globals';
import { Terminal } from './terminal.js';

describe('what commands say', () => {
  const written: string[] = [];
  beforeEach(() => {
    for (const stream of [process.stdout, process.stderr] as const)
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
  });
  afterEach(() => jest.restoreAllMocks());

  it('IM-6 no cell of a file and no file name steers the terminal', () => {
    const terminal = new Terminal();
    terminal.line('line 3: sourcedId a\u001b[31m\u009b2J\u202e\r is in line 2 already');
    terminal.warn('Cannot read \u001b]0;mine\u0007.csv\nPeña’s “School” 学校 stays as it is');
    expect(written).toEqual([
      'line 3: sourcedId a\\u{1b}[31m\\u{9b}2J\\u{202e}\\u{d} is in line 2 already\n',
      'Cannot read \\u{1b}]0;mine\\u{7}.csv\nPeña’s “School” 学校 stays as it is\n',
    ]);
  });
});
