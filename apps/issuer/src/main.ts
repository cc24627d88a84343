import { environment, readSettings } from '#settings';
import { createIssuer } from './create.js';

const settings = readSettings(environment());
const app = await createIssuer(settings);
await app.listen(settings.ISSUER_PORT);
