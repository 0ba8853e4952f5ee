/**
 * Markdown in the app's look. What is written in it is untrusted: HTML is shown as text, pictures
 * are left out, and links lead within the app or to the web.
 */
import { Code, Text, Title } from '@mantine/core';
import ReactMarkdown, { type Components } from 'react-markdown';
import { AppLink } from './AppLink';

const LEFT_OUT = ['img'];

const COMPONENTS: Components = {
  h1: ({ children }) => <Title order={1}>{children}</Title>,
  h2: ({ children }) => (
    <Title order={2} fz="lg" mt="lg">
      {children}
    </Title>
  ),
  h3: ({ children }) => (
    <Title order={3} mt="md">
      {children}
    </Title>
  ),
  p: ({ children }) => (
    <Text component="p" my="sm">
      {children}
    </Text>
  ),
  code: ({ children }) => <Code fz="sm">{children}</Code>,
  pre: ({ children }) => (
    <pre className="prose-block" tabIndex={0}>
      {children}
    </pre>
  ),
  a: ({ href, children }) => <Way to={href ?? ''}>{children}</Way>,
};

export function Markdown({ text }: { text: string }) {
  return (
    <div className="prose">
      <ReactMarkdown components={COMPONENTS} disallowedElements={LEFT_OUT}>
        {text}
      </ReactMarkdown>
    </div>
  );
}

/** A page of the app, or a place on the web; anything else is only its words. */
function Way({ to, children }: { to: string; children: React.ReactNode }) {
  if (/^\/(?![/\\])/.test(to))
    return (
      <AppLink to={to} underline="always">
        {children}
      </AppLink>
    );
  if (!/^https?:\/\//.test(to)) return <>{children}</>;
  return (
    <a href={to} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  );
}
