const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** Whether JavaScript gives every object something of this name: a parser that met it among names of a writer's own would drop or misread it. */
export const isReservedName = (name: string): boolean => RESERVED.has(name);
