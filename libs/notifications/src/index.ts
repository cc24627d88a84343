// What people are told: kept as rows, mailed by the worker. Never decides whom to tell.
export { DeliveryModule } from './delivery/delivery.module.js';
export { DeliveryService } from './delivery/delivery.service.js';
export { lease, StrandedMail } from './delivery/stranded-mail.service.js';
export * from './message.js';
export * from './message-kinds.js';
export { type ListedMessage, MessageList } from './message-list.js';
export { NotificationsModule } from './notifications.module.js';
export { NotificationsService, deliverTask } from './notifications.service.js';
import { Message } from './message.js';

export const notificationsEntities = [Message];
