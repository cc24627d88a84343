import { settingsOrEnd } from '#settings';
import { createIssuer } from './create.js';

const settings = settingsOrEnd();
const app = await createIssuer(settings);
await app.listen(settings.ISSUER_PORT);
