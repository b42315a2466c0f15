import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { openCode, type Code, type CodeOptions } from "./code.ts";

interface CodeAreaProps extends Omit<CodeOptions, "onChange" | "onTooLong"> {
  readonly onOpen: (code: Code) => void;
  readonly onChange: (text: string) => void;
  readonly onTooLong: () => void;
}

/** The editor's place in the page. What it is opened with is read once: the text is then its own. */
export function CodeArea(props: CodeAreaProps) {
  const hostRef = useRef<HTMLDivElement>(null);
  const latestRef = useRef(props);
  useLayoutEffect(() => {
    latestRef.current = props;
  });
  useEffect(() => {
    if (hostRef.current === null) return undefined;
    const { text, isReadOnly, label } = latestRef.current;
    const code = openCode(hostRef.current, {
      text,
      isReadOnly,
      label,
      onChange: (next) => latestRef.current.onChange(next),
      onTooLong: () => latestRef.current.onTooLong(),
    });
    latestRef.current.onOpen(code);
    return () => code.close();
  }, []);
  return <div ref={hostRef} class="editor-code" />;
}
