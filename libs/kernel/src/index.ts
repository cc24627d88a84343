// What every lib stands on: problems, actors, time, ids, text. Knows no domain.
export * from './actor.js';
export * from './batches.js';
export * from './changes.js';
export * from './clock.js';
export * from './ids.js';
export * from './kernel.module.js';
export * from './listed.js';
export * from './network.js';
export * from './problem.js';
export * from './problems.js';
export * from './table-file.js';
export * from './text.js';
export * from './waiting.js';
