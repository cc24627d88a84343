import { networkOf } from './network.js';

describe('LK-2 the network an address is counted under', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
    ['2001:0DB8:0000:0007:ffff:eeee:dddd:cccc', '2001:db8:0:7::/64'],
    ['2001:db8::7:0:0:0:9', '2001:db8:0:7::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
    [undefined, 'unknown'],
    ['203.0.113.7:5000', 'unknown'],
  ])('%s is %s', (address, network) => expect(networkOf(address)).toBe(network));
});
