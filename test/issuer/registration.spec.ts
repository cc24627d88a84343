import { startIssuer, type TestIssuer } from '../support/issuer.js';
import { Visitor } from '../support/visitor.js';

it('boots', async () => {
  const issuer = await startIssuer();
  try {
    const visitor = new Visitor();
    console.log((await visitor.get(`${issuer.origin}/register`)).text);
    let page = await visitor.send({ firstName: 'Céleste', lastName: 'Arceneaux', userName: 'celeste.a', email: 'celeste@acadia.example.org', passphrase: 'violet harbor trumpet mosaic' });
    console.log(page.status, page.url.href, page.text);
    await issuer.deliver();
    const mail = issuer.mailbox.lastTo('celeste@acadia.example.org');
    console.log(mail.text, mail.links);
    page = await visitor.get(mail.links[0]!);
    console.log(page.status, page.url.href, page.text);
    page = await visitor.send();
    console.log(page.status, page.url.href, page.text);
  } finally {
    await issuer.stop();
  }
});
