/** JSON Schema 2020-12, as far as the committed documents use it. Throws on a keyword it does not know. */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const SILENT = new Set(["$schema", "$defs", "title", "description", "format", "default"]);

const typeOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
};

function fitsType(type: unknown, value: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => fitsType(one, value));
  return type === "integer" ? Number.isInteger(value) : type === typeOf(value);
}

/** What is wrong with a value under a schema, each with its place; `root` is what references start from. */
export function faults(schema: unknown, value: unknown, root: unknown, at = "$"): string[] {
  if (schema === true) return [];
  if (!isObject(schema)) return [`${at}: no value may stand here`];
  const found: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) found.push(`${at}: ${what}`);
  };
  const size = (holds: (length: number) => boolean, what: string): void => {
    if (typeof value === "string" || Array.isArray(value)) check(holds(value.length), what);
  };
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (SILENT.has(keyword)) continue;
    switch (keyword) {
      case "$ref":
        found.push(...faults(resolve(root, String(wanted)), value, root, at));
        break;
      case "type":
        check(fitsType(wanted, value), `${typeOf(value)} is not ${JSON.stringify(wanted)}`);
        break;
      case "const":
        check(value === wanted, `is not ${JSON.stringify(wanted)}`);
        break;
      case "enum":
        check((wanted as unknown[]).includes(value), `is none of ${JSON.stringify(wanted)}`);
        break;
      case "anyOf": {
        const ways = (wanted as unknown[]).map((one) => faults(one, value, root, at));
        check(
          ways.some((way) => way.length === 0),
          `fits no way: ${ways.map((way) => way[0]).join(" | ")}`,
        );
        break;
      }
      case "required":
        for (const name of wanted as string[])
          check(!isObject(value) || Object.hasOwn(value, name), `has no "${name}"`);
        break;
      case "properties":
        if (!isObject(value)) break;
        for (const [name, one] of Object.entries(wanted as Json))
          if (Object.hasOwn(value, name))
            found.push(...faults(one, value[name], root, `${at}.${name}`));
        break;
      case "additionalProperties":
        if (!isObject(value)) break;
        for (const [name, one] of Object.entries(value))
          if (!Object.hasOwn(schema["properties"] ?? {}, name))
            found.push(...faults(wanted, one, root, `${at}.${name}`));
        break;
      case "propertyNames":
        if (isObject(value))
          for (const name of Object.keys(value))
            found.push(...faults(wanted, name, root, `${at}.${name}`));
        break;
      case "items":
        if (Array.isArray(value))
          value.forEach((one, index) =>
            found.push(...faults(wanted, one, root, `${at}[${index}]`)),
          );
        break;
      case "minimum":
        check(typeof value !== "number" || value >= Number(wanted), `is below ${String(wanted)}`);
        break;
      case "maximum":
        check(typeof value !== "number" || value <= Number(wanted), `is above ${String(wanted)}`);
        break;
      case "minLength":
      case "minItems":
        size((length) => length >= Number(wanted), "is too short");
        break;
      case "maxLength":
      case "maxItems":
        size((length) => length <= Number(wanted), "is too long");
        break;
      case "pattern":
        check(
          typeof value !== "string" || new RegExp(String(wanted), "u").test(value),
          `does not fit ${String(wanted)}`,
        );
        break;
      default:
        throw new RangeError(`the keyword "${keyword}" is not known here`);
    }
  }
  return found;
}

/** What a reference such as `#/$defs/Policy` points to. */
export function resolve(root: unknown, reference: string): unknown {
  let found = root;
  for (const step of reference.split("/").slice(1)) {
    found = isObject(found) ? found[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  if (found === undefined) throw new RangeError(`${reference} points nowhere`);
  return found;
}
