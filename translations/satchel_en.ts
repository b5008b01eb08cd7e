<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>satchel::FetchCommand</name>
        <message numerus="yes">
            <source>%1: %Ln new message(s), %2 left on the server.</source>
            <translation>
                <numerusform>%1: %Ln new message, %2 left on the server.</numerusform>
                <numerusform>%1: %Ln new messages, %2 left on the server.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1: %Ln message(s) could not be fetched; they are tried again later.</source>
            <translation>
                <numerusform>%1: %Ln message could not be fetched; it is tried again later.</numerusform>
                <numerusform>%1: %Ln messages could not be fetched; they are tried again later.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1: the server was rebuilt; %Ln message(s) were recognised and not fetched again.</source>
            <translation>
                <numerusform>%1: the server was rebuilt; %Ln message was recognised and not fetched again.</numerusform>
                <numerusform>%1: the server was rebuilt; %Ln messages were recognised and not fetched again.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1: %Ln message(s) are due to be deleted on the server; so many at once need your consent, open Satchel and give it there.</source>
            <translation>
                <numerusform>%1: %Ln message is due to be deleted on the server; so many at once need your consent, open Satchel and give it there.</numerusform>
                <numerusform>%1: %Ln messages are due to be deleted on the server; so many at once need your consent, open Satchel and give it there.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::TokenProgram</name>
        <message numerus="yes">
            <source>The program %1, which gives the access token, did not end within %Ln second(s) and was stopped; see in a terminal what it waits for.</source>
            <translation>
                <numerusform>The program %1, which gives the access token, did not end within %Ln second and was stopped; see in a terminal what it waits for.</numerusform>
                <numerusform>The program %1, which gives the access token, did not end within %Ln seconds and was stopped; see in a terminal what it waits for.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::sync::Engine</name>
        <message numerus="yes">
            <source>Move %Ln message(s) to %1</source>
            <translation>
                <numerusform>Move %Ln message to %1</numerusform>
                <numerusform>Move %Ln messages to %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Delete %Ln message(s)</source>
            <translation>
                <numerusform>Delete %Ln message</numerusform>
                <numerusform>Delete %Ln messages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::sync::MailCheck</name>
        <message numerus="yes">
            <source>The clock of this computer jumped ahead, so %Ln message(s) that it calls due stay on the server until the days have really passed.</source>
            <translation>
                <numerusform>The clock of this computer jumped ahead, so %Ln message that it calls due stays on the server until the days have really passed.</numerusform>
                <numerusform>The clock of this computer jumped ahead, so %Ln messages that it calls due stay on the server until the days have really passed.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Only the clock of this computer says that so much time has passed since the last check, so %Ln message(s) that are due stay on the server until something else confirms it.</source>
            <translation>
                <numerusform>Only the clock of this computer says that so much time has passed since the last check, so %Ln message that is due stays on the server until something else confirms it.</numerusform>
                <numerusform>Only the clock of this computer says that so much time has passed since the last check, so %Ln messages that are due stay on the server until something else confirms it.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::AttachmentBar</name>
        <message numerus="yes">
            <source>%Ln attachment(s), %1</source>
            <translation>
                <numerusform>%Ln attachment, %1</numerusform>
                <numerusform>%Ln attachments, %1</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::Attachments</name>
        <message numerus="yes">
            <source>%Ln file(s) saved in %1.</source>
            <translation>
                <numerusform>%Ln file saved in %1.</numerusform>
                <numerusform>%Ln files saved in %1.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MessageSaver</name>
        <message numerus="yes">
            <source>Save %Ln message(s) in</source>
            <translation>
                <numerusform>Save %Ln message in</numerusform>
                <numerusform>Save %Ln messages in</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) saved in %1.</source>
            <translation>
                <numerusform>%Ln message saved in %1.</numerusform>
                <numerusform>%Ln messages saved in %1.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::FolderModel</name>
        <message numerus="yes">
            <source>%1
%Ln message(s), %2 unread</source>
            <translation>
                <numerusform>%1
%Ln message, %2 unread</numerusform>
                <numerusform>%1
%Ln messages, %2 unread</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1, %Ln unread</source>
            <translation>
                <numerusform>%1, %Ln unread</numerusform>
                <numerusform>%1, %Ln unread</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::FolderPane</name>
        <message numerus="yes">
            <source>Delete %Ln message(s) in %1?</source>
            <translation>
                <numerusform>Delete %Ln message in %1?</numerusform>
                <numerusform>Delete %Ln messages in %1?</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) that are stored on this computer only are deleted. This cannot be undone.</source>
            <translation>
                <numerusform>%Ln message that is stored on this computer only is deleted. This cannot be undone.</numerusform>
                <numerusform>%Ln messages that are stored on this computer only are deleted. This cannot be undone.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) of it are stored on this computer. They can stay here, to be read without the account, or be deleted, which cannot be undone. What is still on the server stays there. Its password is forgotten.</source>
            <translation>
                <numerusform>%Ln message of it is stored on this computer. It can stay here, to be read without the account, or be deleted, which cannot be undone. What is still on the server stays there. Its password is forgotten.</numerusform>
                <numerusform>%Ln messages of it are stored on this computer. They can stay here, to be read without the account, or be deleted, which cannot be undone. What is still on the server stays there. Its password is forgotten.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::HeaderBlock</name>
        <message numerus="yes">
            <source>To %1 and %Ln more</source>
            <translation>
                <numerusform>To %1 and %Ln more</numerusform>
                <numerusform>To %1 and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::KeepChoice</name>
        <message numerus="yes">
            <source>Mail stays on the server for %Ln day(s) after it was stored on this computer, and is deleted there then.</source>
            <translation>
                <numerusform>Mail stays on the server for %Ln day after it was stored on this computer, and is deleted there then.</numerusform>
                <numerusform>Mail stays on the server for %Ln days after it was stored on this computer, and is deleted there then.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>The newest %Ln message(s) stay on the server; older ones are deleted there once they are stored on this computer.</source>
            <translation>
                <numerusform>The newest %Ln message stays on the server; older ones are deleted there once they are stored on this computer.</numerusform>
                <numerusform>The newest %Ln messages stay on the server; older ones are deleted there once they are stored on this computer.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::LastPage</name>
        <message numerus="yes">
            <source>%Ln message(s) lie in the mailbox, %1.</source>
            <translation>
                <numerusform>%Ln message lies in the mailbox, %1.</numerusform>
                <numerusform>%Ln messages lie in the mailbox, %1.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MainWindow</name>
        <message numerus="yes">
            <source>%Ln message(s) are due to be deleted on the server; they stay there until the damage to your mail on this computer is repaired.</source>
            <translation>
                <numerusform>%Ln message is due to be deleted on the server; it stays there until the damage to your mail on this computer is repaired.</numerusform>
                <numerusform>%Ln messages are due to be deleted on the server; they stay there until the damage to your mail on this computer is repaired.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) deleted</source>
            <translation>
                <numerusform>%Ln message deleted</numerusform>
                <numerusform>%Ln messages deleted</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) moved to %1</source>
            <translation>
                <numerusform>%Ln message moved to %1</numerusform>
                <numerusform>%Ln messages moved to %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) moved</source>
            <translation>
                <numerusform>%Ln message moved</numerusform>
                <numerusform>%Ln messages moved</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1: stopped, %Ln new message(s)</source>
            <translation>
                <numerusform>%1: stopped, %Ln new message</numerusform>
                <numerusform>%1: stopped, %Ln new messages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1: %Ln new message(s)</source>
            <translation>
                <numerusform>%1: %Ln new message</numerusform>
                <numerusform>%1: %Ln new messages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source> · %Ln left on the server for their size</source>
            <translation>
                <numerusform> · %Ln left on the server for their size</numerusform>
                <numerusform> · %Ln left on the server for their size</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) that are stored here are due to be deleted on the server; as that is a large part of the mailbox, nothing was deleted yet.</source>
            <translation>
                <numerusform>%Ln message that is stored here is due to be deleted on the server; as that is a large part of the mailbox, nothing was deleted yet.</numerusform>
                <numerusform>%Ln messages that are stored here are due to be deleted on the server; as that is a large part of the mailbox, nothing was deleted yet.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source> · the server was rebuilt, %Ln message(s) were recognised</source>
            <translation>
                <numerusform> · the server was rebuilt, %Ln message was recognised</numerusform>
                <numerusform> · the server was rebuilt, %Ln messages were recognised</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 has already fetched %Ln message(s) of “%2”.</source>
            <translation>
                <numerusform>%1 has already fetched %Ln message of “%2”.</numerusform>
                <numerusform>%1 has already fetched %Ln messages of “%2”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) could not be fetched and will be tried again.</source>
            <translation>
                <numerusform>%Ln message could not be fetched and will be tried again.</numerusform>
                <numerusform>%Ln messages could not be fetched and will be tried again.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source> · %Ln left to other programs</source>
            <translation>
                <numerusform> · %Ln left to other programs</numerusform>
                <numerusform> · %Ln left to other programs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source> · %Ln message(s) fetched</source>
            <translation>
                <numerusform> · %Ln message fetched</numerusform>
                <numerusform> · %Ln messages fetched</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source> · %Ln deleted on the server</source>
            <translation>
                <numerusform> · %Ln deleted on the server</numerusform>
                <numerusform> · %Ln deleted on the server</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source> · %Ln only in part, for their size</source>
            <translation>
                <numerusform> · %Ln only in part, for its size</numerusform>
                <numerusform> · %Ln only in part, for their size</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MessageBar</name>
        <message numerus="yes">
            <source>(and %Ln more)</source>
            <translation>
                <numerusform>(and %Ln more)</numerusform>
                <numerusform>(and %Ln more)</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MessageListPane</name>
        <message numerus="yes">
            <source>%Ln message(s)</source>
            <translation>
                <numerusform>%Ln message</numerusform>
                <numerusform>%Ln messages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MessageListView</name>
        <message numerus="yes">
            <source>%Ln message(s)</source>
            <translation>
                <numerusform>%Ln message</numerusform>
                <numerusform>%Ln messages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MessageView</name>
        <message numerus="yes">
            <source>%Ln picture(s) or other item(s) on the internet were not loaded: reading a message opens no connection.</source>
            <translation>
                <numerusform>%Ln picture or other item on the internet was not loaded: reading a message opens no connection.</numerusform>
                <numerusform>%Ln pictures or other items on the internet were not loaded: reading a message opens no connection.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) selected</source>
            <translation>
                <numerusform>%Ln message selected</numerusform>
                <numerusform>%Ln messages selected</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::Forecast</name>
        <message numerus="yes">
            <source>%Ln message(s), %1, stay.</source>
            <translation>
                <numerusform>%Ln message, %1, stays.</numerusform>
                <numerusform>%Ln messages, %1, stay.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Next check: gets %Ln message(s), %1.</source>
            <translation>
                <numerusform>Next check: gets %Ln message, %1.</numerusform>
                <numerusform>Next check: gets %Ln messages, %1.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Next check: deletes %Ln message(s) on the server, the oldest stored here on %1; frees %2.</source>
            <translation>
                <numerusform>Next check: deletes %Ln message on the server, stored here on %1; frees %2.</numerusform>
                <numerusform>Next check: deletes %Ln messages on the server, the oldest stored here on %1; frees %2.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Next check: deletes %Ln message(s) on the server; frees %1.</source>
            <translation>
                <numerusform>Next check: deletes %Ln message on the server; frees %1.</numerusform>
                <numerusform>Next check: deletes %Ln messages on the server; frees %1.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s), %1, are due to be deleted; as that is a large part of the mailbox, you are asked first.</source>
            <translation>
                <numerusform>%Ln message, %1, is due to be deleted; as that is a large part of the mailbox, you are asked first.</numerusform>
                <numerusform>%Ln messages, %1, are due to be deleted; as that is a large part of the mailbox, you are asked first.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln of them are not fetched, for their size.</source>
            <translation>
                <numerusform>%Ln of them is not fetched, for its size.</numerusform>
                <numerusform>%Ln of them are not fetched, for their size.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>The next check deletes %Ln message(s) on the server, the oldest stored here on %1, and frees %2.</source>
            <translation>
                <numerusform>The next check deletes %Ln message on the server, stored here on %1, and frees %2.</numerusform>
                <numerusform>The next check deletes %Ln messages on the server, the oldest stored here on %1, and frees %2.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>The next check deletes %Ln message(s) on the server and frees %1.</source>
            <translation>
                <numerusform>The next check deletes %Ln message on the server and frees %1.</numerusform>
                <numerusform>The next check deletes %Ln messages on the server and frees %1.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::DeletionLog</name>
        <message numerus="yes">
            <source>%Ln deletion(s) found</source>
            <translation>
                <numerusform>%Ln deletion found</numerusform>
                <numerusform>%Ln deletions found</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln deletion(s)</source>
            <translation>
                <numerusform>%Ln deletion</numerusform>
                <numerusform>%Ln deletions</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::FailedMessagesDialog</name>
        <message numerus="yes">
            <source>The server of “%1” did not hand out %Ln message(s). Nothing is lost: they stay there, and Satchel tries each again after an hour, a day and a week.</source>
            <translation>
                <numerusform>The server of “%1” did not hand out %Ln message. Nothing is lost: it stays there, and Satchel tries it again after an hour, a day and a week.</numerusform>
                <numerusform>The server of “%1” did not hand out %Ln messages. Nothing is lost: they stay there, and Satchel tries each again after an hour, a day and a week.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::ServerNotes</name>
        <message numerus="yes">
            <source>%Ln hour(s)</source>
            <translation>
                <numerusform>%Ln hour</numerusform>
                <numerusform>%Ln hours</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln minute(s)</source>
            <translation>
                <numerusform>%Ln minute</numerusform>
                <numerusform>%Ln minutes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln second(s)</source>
            <translation>
                <numerusform>%Ln second</numerusform>
                <numerusform>%Ln seconds</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>This server deletes messages by itself after %Ln day(s); none stays there longer.</source>
            <translation>
                <numerusform>This server deletes messages by itself after %Ln day; none stays there longer.</numerusform>
                <numerusform>This server deletes messages by itself after %Ln days; none stays there longer.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>The server keeps messages for %Ln day(s).</source>
            <translation>
                <numerusform>The server keeps messages for %Ln day.</numerusform>
                <numerusform>The server keeps messages for %Ln days.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::sync::StoreCare</name>
        <message numerus="yes">
            <source>%Ln message(s) were saved.</source>
            <translation>
                <numerusform>%Ln message was saved.</numerusform>
                <numerusform>%Ln messages were saved.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln of them could not be put back into their folder and are in “Recovered mail”.</source>
            <translation>
                <numerusform>%Ln of them could not be put back into its folder and is in “Recovered mail”.</numerusform>
                <numerusform>%Ln of them could not be put back into their folder and are in “Recovered mail”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln damaged message(s) are in “Damaged mail”.</source>
            <translation>
                <numerusform>%Ln damaged message is in “Damaged mail”.</numerusform>
                <numerusform>%Ln damaged messages are in “Damaged mail”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) could not be read; what is still on the server is fetched again.</source>
            <translation>
                <numerusform>%Ln message could not be read; if it is still on the server, it is fetched again.</numerusform>
                <numerusform>%Ln messages could not be read; what is still on the server is fetched again.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::StoragePage</name>
        <message numerus="yes">
            <source>%Ln backup(s), %1 in all; the last is of %2.</source>
            <translation>
                <numerusform>%Ln backup, %1; it is of %2.</numerusform>
                <numerusform>%Ln backups, %1 in all; the last is of %2.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::ActivityPanel</name>
        <message numerus="yes">
            <source>Checking %Ln account(s)</source>
            <translation>
                <numerusform>Checking %Ln account</numerusform>
                <numerusform>Checking %Ln accounts</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::ConnectionPage</name>
        <message numerus="yes">
            <source>%Ln message(s) on the server were fetched by another program, and not here.</source>
            <translation>
                <numerusform>%Ln message on the server was fetched by another program, and not here.</numerusform>
                <numerusform>%Ln messages on the server were fetched by another program, and not here.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MailboxText</name>
        <message numerus="yes">
            <source>Get %Ln message(s) (%1)</source>
            <translation>
                <numerusform>Get %Ln message (%1)</numerusform>
                <numerusform>Get %Ln messages (%1)</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Never get %Ln message(s)</source>
            <translation>
                <numerusform>Never get %Ln message</numerusform>
                <numerusform>Never get %Ln messages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Leave %Ln message(s) as they are</source>
            <translation>
                <numerusform>Leave %Ln message as it is</numerusform>
                <numerusform>Leave %Ln messages as they are</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Delete %Ln message(s) on the server</source>
            <translation>
                <numerusform>Delete %Ln message on the server</numerusform>
                <numerusform>Delete %Ln messages on the server</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>, of which %Ln is/are not stored here and will be gone for good</source>
            <translation>
                <numerusform>, of which %Ln is not stored here and will be gone for good</numerusform>
                <numerusform>, of which %Ln are not stored here and will be gone for good</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>satchel::ui::MailboxWindow</name>
        <message numerus="yes">
            <source>Delete %Ln message(s) that is/are not stored here?</source>
            <translation>
                <numerusform>Delete %Ln message that is not stored here?</numerusform>
                <numerusform>Delete %Ln messages that are not stored here?</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) selected</source>
            <translation>
                <numerusform>%Ln message selected</numerusform>
                <numerusform>%Ln messages selected</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) on the server, %1</source>
            <translation>
                <numerusform>%Ln message on the server, %1</numerusform>
                <numerusform>%Ln messages on the server, %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln message(s) was/were not looked at yet, and is/are not in order.</source>
            <translation>
                <numerusform>%Ln message was not looked at yet, and is not in order.</numerusform>
                <numerusform>%Ln messages were not looked at yet, and are not in order.</numerusform>
            </translation>
        </message>
    </context>
</TS>
