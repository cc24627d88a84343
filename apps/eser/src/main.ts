import { settingsOrEnd } from '#settings';
import { createEser } from './create.js';

const settings = settingsOrEnd();
const app = await createEser(settings);
await app.listen(settings.ESER_PORT);
