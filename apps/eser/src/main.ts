import { environment, readSettings } from '#settings';
import { createEser } from './create.js';

const settings = readSettings(environment());
const app = await createEser(settings);
await app.listen(settings.ESER_PORT);
