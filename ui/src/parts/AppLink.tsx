/** A link within the app, in the app's look, with its address checked by the router's types. */
import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type Props = AnchorProps & Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps>;

export const AppLink = createLink((props: Props) => <Anchor {...props} />);
