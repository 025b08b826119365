# MODULE: what it answers where no module can be loaded.
args: --enable-module-command yes

== arguments
> MODULE
< -ERR wrong number of arguments for 'module' command
> MODULE NONSENSE
< -ERR unknown subcommand 'NONSENSE'. Try MODULE HELP.
> MODULE LIST now
< -ERR wrong number of arguments for 'module|list' command
> MODULE LOAD
< -ERR wrong number of arguments for 'module|load' command
> MODULE LOADEX
< -ERR wrong number of arguments for 'module|loadex' command
> MODULE UNLOAD
< -ERR wrong number of arguments for 'module|unload' command
> MODULE UNLOAD one two
< -ERR wrong number of arguments for 'module|unload' command

== nothing is loaded
> MODULE LOAD /nowhere/module.so
< -ERR Error loading the extension. Please check the server logs.
> MODULE LOAD /nowhere/module.so an argument
< -ERR Error loading the extension. Please check the server logs.
> MODULE LOADEX /nowhere/module.so CONFIG
< -ERR Error loading the extension. Please check the server logs.
> MODULE LOADEX /nowhere/module.so CONFIG a b ARGS c
< -ERR Error loading the extension. Please check the server logs.
> MODULE UNLOAD something
< -ERR Error unloading module: no such module with that name
