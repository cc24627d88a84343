import { environment, readSettings } from '#settings';
import { createPortal } from './create.js';

const settings = readSettings(environment());
const app = await createPortal(settings);
await app.listen(settings.PORTAL_PORT);
