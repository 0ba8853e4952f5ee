/** A line that people or the server wrote, with what stands in backticks set as code. */
import { Code } from '@mantine/core';

export function Said({ text }: { text: string }) {
  return (
    <>
      {text.split(/`([^`]+)`/).map((piece, index) =>
        index % 2 === 1 ? (
          <Code key={index} fz="inherit">
            {piece}
          </Code>
        ) : (
          piece
        ),
      )}
    </>
  );
}
