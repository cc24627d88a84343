import { settingsOrEnd } from '#settings';
import { createPortal } from './create.js';

const settings = settingsOrEnd();
const app = await createPortal(settings);
await app.listen(settings.PORTAL_PORT);
